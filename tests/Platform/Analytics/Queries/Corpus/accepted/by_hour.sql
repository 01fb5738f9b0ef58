-- dataset: shop
SELECT date_trunc('hour', time), count(*) FROM shop WHERE time >= DATE '2024-02-01' AND time < DATE '2024-02-03' GROUP BY 1
