-- dataset: shop
SELECT count(*) FROM shop WHERE vip
