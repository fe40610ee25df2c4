# A network of three zones: public subnets for the load balancer and the NAT gateways, private ones for tasks, and ones
# without any way out for data. Stands in each region.

resource "aws_vpc" "this" {
  region               = var.region
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = { Name = var.name }
}

# Nothing of ours uses it, so nothing may pass.
resource "aws_default_security_group" "closed" {
  region = var.region
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  region = var.region
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_subnet" "public" {
  count             = 3
  region            = var.region
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr, 4, count.index)
  availability_zone = var.zones[count.index]
  tags              = { Name = "${var.name}-public-${var.zones[count.index]}" }
}

resource "aws_subnet" "private" {
  count             = 3
  region            = var.region
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr, 4, 4 + count.index)
  availability_zone = var.zones[count.index]
  tags              = { Name = "${var.name}-private-${var.zones[count.index]}" }
}

resource "aws_subnet" "data" {
  count             = 3
  region            = var.region
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr, 4, 8 + count.index)
  availability_zone = var.zones[count.index]
  tags              = { Name = "${var.name}-data-${var.zones[count.index]}" }
}

# Shopify accepts an app's calls only from listed addresses: these survive a new gateway, and exist in the other
# region before it is needed, so that they can be listed in time.
resource "aws_eip" "nat" {
  count  = var.nat_addresses
  region = var.region
  domain = "vpc"
  tags   = { Name = "${var.name}-nat-${count.index}" }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_nat_gateway" "this" {
  count         = var.nat_gateways
  region        = var.region
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = aws_subnet.public[count.index].id
  tags          = { Name = "${var.name}-${var.zones[count.index]}" }
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  region = var.region
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public_out" {
  region                 = var.region
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  count          = 3
  region         = var.region
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  count  = 3
  region = var.region
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-private-${var.zones[count.index]}" }
}

# Each zone goes out by its own gateway; with fewer gateways, zones share them.
resource "aws_route" "private_out" {
  count                  = var.nat_gateways == 0 ? 0 : 3
  region                 = var.region
  route_table_id         = aws_route_table.private[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[count.index % max(var.nat_gateways, 1)].id
}

resource "aws_route_table_association" "private" {
  count          = 3
  region         = var.region
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[count.index].id
}

resource "aws_route_table" "data" {
  region = var.region
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-data" }
}

resource "aws_route_table_association" "data" {
  count          = 3
  region         = var.region
  subnet_id      = aws_subnet.data[count.index].id
  route_table_id = aws_route_table.data.id
}

# Free, and the layers of images come through it instead of the NAT gateways.
resource "aws_vpc_endpoint" "s3" {
  region            = var.region
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = aws_route_table.private[*].id
  tags              = { Name = "${var.name}-s3" }
}
