-- dataset: shop
-- code: unknown_time_zone
SELECT date_trunc('day', time AT TIME ZONE 'Mars/Base'), count(*) FROM shop GROUP BY 1
