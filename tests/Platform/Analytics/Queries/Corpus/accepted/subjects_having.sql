-- dataset: shop
SELECT count(*) FROM (SELECT "user" FROM shop GROUP BY "user" HAVING count(*) >= 3 AND max(qty) > 7)
