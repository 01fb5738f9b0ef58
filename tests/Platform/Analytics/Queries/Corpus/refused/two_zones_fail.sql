-- dataset: shop
-- code: unknown_time_zone
SELECT date_trunc('day', time AT TIME ZONE 'UTC'), extract(hour FROM time AT TIME ZONE 'Europe/Vienna'), count(*) FROM shop GROUP BY 1, 2
