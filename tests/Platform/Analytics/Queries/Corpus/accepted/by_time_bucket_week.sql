-- dataset: shop
SELECT time_bucket(INTERVAL 1 WEEK, time) AS d, count(*) FROM shop GROUP BY d
