-- dataset: shop
WITH a AS (SELECT "user", qty FROM shop), b AS (SELECT * FROM a WHERE qty > 3) SELECT count(*) FROM b
