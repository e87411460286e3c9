{{ config(materialized='table') }}
-- One row per trip on the timetable, with the place where it starts and the moment at which we are asked about it.
select
  t.trip_id,
  t.line,
  l.start,
  t.train,
  t.due_at,
  strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at, '-30 minutes') as asked_at,
  t.arrived_at,
  t.minutes_late
from {{ source('raw_trips') }} t
join {{ source('raw_lines') }} l on l.line = t.line
