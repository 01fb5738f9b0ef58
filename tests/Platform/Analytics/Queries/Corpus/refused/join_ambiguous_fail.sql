-- dataset: shop
-- code: ambiguous_column
-- fragment: city
SELECT city, count(*) FROM shop a JOIN visits b USING ("user") GROUP BY city
