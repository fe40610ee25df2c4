variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "region" {
  description = "Region of this network."
  type        = string
}

variable "zones" {
  description = "Its three zones."
  type        = list(string)

  validation {
    condition     = length(var.zones) == 3
    error_message = "Three zones."
  }
}

variable "cidr" {
  description = "Addresses of the network, a /16; those of both regions must differ."
  type        = string
}

variable "nat_gateways" {
  description = "NAT gateways: 3, one a zone; 1 shared; 0 while the region only stands by."
  type        = number

  validation {
    condition     = contains([0, 1, 3], var.nat_gateways)
    error_message = "Choose 0, 1 or 3 NAT gateways."
  }
}

variable "nat_addresses" {
  description = "Elastic IPs held for NAT gateways, also while there are none; at least as many as gateways."
  type        = number
}
