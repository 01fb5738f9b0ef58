-- dataset: shop
-- code: join_condition
-- fragment: q
SELECT count(*) FROM shop a LEFT JOIN (SELECT "user", coalesce(qty, 0) AS q FROM visits) b USING ("user") WHERE q = 0
