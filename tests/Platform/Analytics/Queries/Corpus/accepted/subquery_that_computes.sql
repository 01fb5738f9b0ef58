-- dataset: shop
SELECT sum(x + 1) FROM (SELECT amount * 2 AS x FROM shop)
