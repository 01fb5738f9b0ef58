-- dataset: shop, cities
SELECT city, avg(s.qty) FROM shop s JOIN cities c USING (city) GROUP BY city
