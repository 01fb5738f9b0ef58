-- dataset: shop
-- code: join_condition
SELECT count(*) FROM shop a LEFT JOIN (SELECT "user" FROM visits WHERE vip) b USING ("user")
