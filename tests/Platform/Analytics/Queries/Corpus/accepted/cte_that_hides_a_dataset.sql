-- dataset: shop
WITH shop AS (SELECT * FROM shop WHERE vip) SELECT count(*) FROM shop
