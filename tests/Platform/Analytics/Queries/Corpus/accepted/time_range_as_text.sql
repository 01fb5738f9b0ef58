-- dataset: shop
SELECT count(*) FROM shop WHERE time >= '2024-02-01' AND time < '2024-03-01'
