-- dataset: shop
SELECT count(*), count(b.qty) FROM shop a LEFT JOIN visits b USING ("user")
