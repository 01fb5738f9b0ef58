-- dataset: shop
WITH s(x) AS (SELECT qty FROM shop) SELECT sum(x) FROM s
