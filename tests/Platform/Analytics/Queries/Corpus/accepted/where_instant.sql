-- dataset: shop
SELECT count(*) FROM shop WHERE seen >= TIMESTAMPTZ '2024-01-01 12:00:00+00'
