-- dataset: shop
SELECT count(DISTINCT u) FROM (SELECT "user" AS u FROM shop)
