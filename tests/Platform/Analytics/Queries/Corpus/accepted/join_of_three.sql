-- dataset: shop
SELECT c.action, count(*) FROM shop a JOIN visits b USING ("user") JOIN cities c ON a.city = c.city GROUP BY c.action
