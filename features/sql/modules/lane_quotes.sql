-- Quotes with the lane that they are for. A quote comes before the booking, but what is asked for is known when it is quoted.
select
  q.quote_id,
  q.carrier_id,
  b.origin,
  b.destination,
  b.km,
  q.price_eur,
  q.quoted_at,
  q.is_won,
  q.decided_at,
  q.loaded_at
from {{ ref('stg_quotes') }} q
join {{ ref('bookings') }} b on b.shipment_id = q.shipment_id
{{ config(materialized='table') }}
