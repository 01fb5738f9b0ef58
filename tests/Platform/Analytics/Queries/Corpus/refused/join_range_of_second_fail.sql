-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop a JOIN (SELECT "user" FROM visits WHERE time >= DATE '2024-03-01') b USING ("user")
