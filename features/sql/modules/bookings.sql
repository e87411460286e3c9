-- Each shipment as it was booked: its first version. What a clerk changed afterwards was not known at booking, so it is not here;
-- a shipment that was called off later is. `delivered_at` is filled in later, in all versions alike.
with versions as (
  select *, row_number() over (partition by shipment_id order by loaded_at) as version
  from {{ ref('stg_shipments') }}
)
select
  b.shipment_id,
  b.customer,
  b.carrier_id,
  b.origin,
  b.destination,
  o.region as origin_region,
  d.region as destination_region,
  b.equipment,
  b.weight_kg,
  l.km,
  (unixepoch(b.pickup_due_at) - unixepoch(b.booked_at)) / 3600.0 as hours_to_pickup,
  (unixepoch(b.delivery_due_at) - unixepoch(b.pickup_due_at)) / 3600.0 as hours_to_drive,
  b.booked_at,
  b.delivered_at,
  cast(round((unixepoch(b.delivered_at) - unixepoch(b.delivery_due_at)) / 60.0) as integer) as minutes_late
from versions b
left join {{ source('raw_lanes') }} l on l.origin = b.origin and l.destination = b.destination
left join {{ source('raw_hubs') }} o on o.hub = b.origin
left join {{ source('raw_hubs') }} d on d.hub = b.destination
where b.version = 1
{{ config(materialized='table') }}
