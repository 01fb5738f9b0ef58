-- dataset: shop
SELECT sum(x) FROM (SELECT "user" AS u, amount AS x FROM shop) s
