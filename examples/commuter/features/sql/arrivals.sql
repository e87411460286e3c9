-- Trips that have ended; a cancelled one never does.
select trip_id, line, train, arrived_at, minutes_late
from {{ ref('trips') }}
where arrived_at is not null
