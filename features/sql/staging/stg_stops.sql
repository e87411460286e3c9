-- `arrived_local` is what the clock on the yard's wall said: in one night of October an hour comes twice.
select distinct
  stop_id,
  shipment_id,
  kind,
  hub,
  carrier_id,
  arrived_local,
  minutes_late,
  dwell_minutes,
  _loaded_at as loaded_at,
  _deleted as is_deleted
from {{ source('raw_stops') }}
{{ config(materialized='table') }}
