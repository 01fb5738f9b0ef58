-- dataset: shop
SELECT count(*) FROM shop WHERE time >= DATE '2024-02-01' AND time >= DATE '2024-02-10'
