-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a ANTI JOIN visits b USING ("user")
