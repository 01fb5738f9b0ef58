-- dataset: shop
SELECT count(*) FROM shop WHERE time < DATE '2024-03-01' AND vip
