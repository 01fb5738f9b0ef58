-- dataset: shop
SELECT time_bucket(INTERVAL '1 day', time) AS d, count(*) FROM shop GROUP BY d
