-- dataset: shop
SELECT count(*) FROM shop WHERE NOT time < DATE '2024-02-01'
