select stop_id, hub, kind, arrived_local, dwell_minutes, loaded_at, is_deleted
from {{ ref('stg_stops') }}
{{ config(materialized='table') }}
