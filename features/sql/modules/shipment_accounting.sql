{{ config(materialized='table') }}
-- What each shipment costs, as finance has it today: the newest version of its invoices, without those that were voided.
with versions as (
  select *, row_number() over (partition by invoice_id order by loaded_at desc) as age
  from {{ ref('stg_invoices') }}
)
select shipment_id, sum(amount_eur) as amount_eur, sum(settled_eur) as settled_eur
from versions
where age = 1 and not is_deleted
group by shipment_id
