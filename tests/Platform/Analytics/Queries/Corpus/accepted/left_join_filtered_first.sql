-- dataset: shop
SELECT count(*) FROM (SELECT "user" FROM shop WHERE action = 'look') a LEFT JOIN visits b USING ("user")
