-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a FULL JOIN visits b USING ("user")
