-- dataset: shop
SELECT count(*) FROM shop WHERE NOT vip
