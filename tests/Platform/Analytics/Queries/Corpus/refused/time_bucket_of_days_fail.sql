-- dataset: shop
-- code: invalid_period
SELECT time_bucket(INTERVAL '3 days', time), count(*) FROM shop GROUP BY 1
