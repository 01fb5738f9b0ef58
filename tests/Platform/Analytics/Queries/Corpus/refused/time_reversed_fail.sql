-- dataset: shop
-- code: invalid_range
SELECT count(*) FROM shop WHERE time >= DATE '2024-03-01' AND time < DATE '2024-02-01'
