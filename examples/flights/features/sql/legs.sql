{{ config(materialized='table') }}
-- One row per flight that was on the timetable. Times are seconds since 1970, UTC.
with timetable as (
  select
    *,
    60 * minute + cast(strftime('%s', time_hour) as integer) as due_off,
    cast(strftime('%s', due_on_utc) as integer) as due_on
  from {{ source('flight_log') }}
)
select
  printf('%s-%d-%s-%d%02d%02d', carrier, flight, origin, year, month, day) as leg_id,
  carrier,
  origin,
  dest,
  tailnum,
  distance as miles,
  due_off - 2 * 3600 as asked_at,
  -- null for a flight that never left, or never arrived where it was due
  due_off + 60 * dep_delay as left_at,
  due_on + 60 * arr_delay as landed_at,
  dep_delay as minutes_late_off,
  arr_delay as minutes_late_on,
  case
    when dep_time is null then 'cancelled'
    when arr_delay is null then 'diverted'
    else 'landed'
  end as fate
from timetable
