-- dataset: shop
-- code: join_not_supported
WITH c AS (SELECT a."user" FROM shop a JOIN visits b USING ("user")) SELECT count(*) FROM c x JOIN c y USING ("user")
