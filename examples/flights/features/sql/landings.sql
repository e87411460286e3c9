{{ config(materialized='view') }}
-- Flights that have reached their destination.
select leg_id, carrier, origin, dest, tailnum, landed_at, minutes_late_on
from {{ ref('legs') }}
where landed_at is not null
