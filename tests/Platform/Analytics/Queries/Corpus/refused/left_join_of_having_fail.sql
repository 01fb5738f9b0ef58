-- dataset: shop
-- code: join_condition
SELECT count(*) FROM shop a LEFT JOIN (SELECT "user" FROM visits GROUP BY "user" HAVING count(*) > 2) b USING ("user")
