-- dataset: shop
SELECT count(*) FROM shop WHERE time >= TIMESTAMP '2024-02-01 00:00:00'
