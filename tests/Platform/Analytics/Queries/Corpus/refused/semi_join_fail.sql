-- dataset: shop
-- code: join_not_supported
SELECT count(*) FROM shop a SEMI JOIN visits b USING ("user")
