-- dataset: shop
SELECT count(*) FROM shop WHERE time >= TIMESTAMPTZ '2024-02-01 10:00:00+00:00' AND time < '2024-02-02T10:00:00Z'
