-- dataset: shop
SELECT count(*) FROM (SELECT "user" FROM shop GROUP BY "user")
