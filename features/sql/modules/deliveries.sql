-- A row per version of a delivery, as the gate told it. The lane comes from the booking, and no lane was ever changed: nothing is
-- joined that became known later than the row.
select
  s.stop_id,
  s.shipment_id,
  s.carrier_id,
  b.origin,
  b.destination,
  s.arrived_local,
  s.minutes_late,
  s.loaded_at,
  s.is_deleted
from {{ ref('stg_stops') }} s
join {{ ref('bookings') }} b on b.shipment_id = s.shipment_id
where s.kind = 'delivery'
{{ config(materialized='table') }}
