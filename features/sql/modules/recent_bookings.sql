-- The bookings of which a prediction is wanted: those of December 2024, the last month of the raw tables.
select *
from {{ ref('bookings') }}
where booked_at >= '2024-12-01'
