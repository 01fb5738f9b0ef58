-- dataset: shop
SELECT sum(spent) FROM (SELECT "user", amount AS spent FROM shop) x JOIN (SELECT "user", action AS what FROM visits) y USING ("user") WHERE what = 'look'
