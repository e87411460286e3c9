-- `distinct` because the loading tool, when it tries again, loads rows twice.
select distinct
  shipment_id,
  nullif(customer, '') as customer,
  carrier_id,
  origin,
  destination,
  nullif(replace(lower(equipment), '_', ' '), '') as equipment,
  weight_kg,
  booked_at,
  pickup_due_at,
  delivery_due_at,
  coalesce(nullif(lower(trim(status)), ''), iif(delivered_at is null, 'booked', 'delivered')) as status,
  delivered_at,
  claim as has_claim,
  _loaded_at as loaded_at,
  _deleted as is_deleted
from {{ source('raw_shipments') }}
{{ config(materialized='table') }}
