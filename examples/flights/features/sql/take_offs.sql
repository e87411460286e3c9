{{ config(materialized='table') }}
-- What an airport's tower knows: flights that have left, from the minute in which they did.
select leg_id, origin, left_at, minutes_late_off
from {{ ref('legs') }}
where left_at is not null
