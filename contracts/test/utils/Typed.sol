// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { IProvenanceLedger } from "../../src/interfaces/IProvenanceLedger.sol";
import { vm } from "./Vm.sol";

/// @title EIP-712 digests and signatures, written out apart from the contracts that they test
library Typed {
    uint256 internal constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function domain(uint256 chainId, address verifying) internal pure returns (bytes32) {
        bytes32 domainType = 0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f;
        return keccak256(abi.encode(domainType, keccak256("Lotmark"), keccak256("1"), chainId, verifying));
    }

    function headerHash(IProvenanceLedger.Header memory header) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Header(bytes32 organisation,uint64 sequence,bytes32 root,uint32 size,bytes32 itemsHash,bytes32 indexRoot)"
                ),
                header.organisation,
                header.sequence,
                header.root,
                header.size,
                header.itemsHash,
                header.indexRoot
            )
        );
    }

    function keyAddition(bytes32 organisation, address key, uint256 nonce) internal pure returns (bytes32) {
        bytes32 typehash = keccak256("KeyAddition(bytes32 organisation,address key,uint256 nonce)");
        return keccak256(abi.encode(typehash, organisation, key, nonce));
    }

    function keyRevocation(bytes32 organisation, address key, uint256 nonce) internal pure returns (bytes32) {
        bytes32 typehash = keccak256("KeyRevocation(bytes32 organisation,address key,uint256 nonce)");
        return keccak256(abi.encode(typehash, organisation, key, nonce));
    }

    function sign(uint256 privateKey, bytes32 separator, bytes32 structHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(privateKey, keccak256(abi.encodePacked(hex"1901", separator, structHash)));
        return abi.encodePacked(r, s, v);
    }

    /// @dev The other signature that the curve accepts for the same digest and key.
    function highTwin(bytes memory signature) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s, uint8 v) = split(signature);
        return abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    function split(bytes memory signature) internal pure returns (bytes32 r, bytes32 s, uint8 v) {
        assembly ("memory-safe") {
            r := mload(add(signature, 0x20))
            s := mload(add(signature, 0x40))
            v := byte(0, mload(add(signature, 0x60)))
        }
    }
}
