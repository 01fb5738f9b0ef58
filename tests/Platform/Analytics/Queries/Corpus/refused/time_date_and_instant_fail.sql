-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop WHERE time >= DATE '2024-01-01' AND time >= '2024-01-01T10:00:00Z'
