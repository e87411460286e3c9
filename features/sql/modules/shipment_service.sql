{{ config(materialized='table') }}
-- What is known of each shipment today: its newest version, however it was booked.
with versions as (
  select *, row_number() over (partition by shipment_id order by loaded_at desc) as age
  from {{ ref('stg_shipments') }}
)
select
  v.shipment_id,
  v.status,
  v.delivered_at,
  cast(round((unixepoch(v.delivered_at) - unixepoch(v.delivery_due_at)) / 60.0) as integer) as minutes_late,
  v.has_claim
from versions v
where v.age = 1
