-- dataset: shop
WITH s AS (SELECT * FROM shop WHERE vip) SELECT count(*) FROM s
