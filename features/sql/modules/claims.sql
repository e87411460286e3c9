-- A row per delivered shipment and whoever drove it last, as far as the register of bookings knows: its newest version.
with versions as (
  select *, row_number() over (partition by shipment_id order by loaded_at desc) as age
  from {{ ref('stg_shipments') }}
)
select shipment_id, carrier_id, delivered_at, has_claim
from versions
where age = 1 and delivered_at is not null
{{ config(materialized='table') }}
