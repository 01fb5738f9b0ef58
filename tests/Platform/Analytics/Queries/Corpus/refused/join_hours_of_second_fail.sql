-- dataset: shop
-- code: time_condition
SELECT count(*) FROM shop a JOIN (SELECT "user" FROM visits WHERE hour(time) > 6) b USING ("user")
